import { decodeStream } from '../../../formats/decode.ts';
import { recognise } from '../../../formats/recognise.ts';
import type { FormatTools } from './formats.ts';

/** The formats that come with Assay. */
export const formatTools: FormatTools = {
  recognise,
  decode(chunks) {
    const decoded = decodeStream(chunks);
    return { chunks: decoded.chunks, info: () => decoded.info };
  },
};
