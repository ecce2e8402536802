import { decodeStream } from '../../../formats/decode.ts';
import { recognise } from '../../../formats/recognise.ts';
import type { FormatTools } from './formats.ts';

/** The formats Assay knows. */
export const formatTools: FormatTools = {
  recognise,
  decode(chunks) {
    const decoding = decodeStream(chunks);
    return { chunks: decoding.chunks, info: () => decoding.info };
  },
};
