import { AppError } from '#shared/errors/app-error.ts';
import type { Fit, Format } from './format.ts';
import { type Head, readHead } from './head.ts';
import type { FormatChoice, RecogniseOptions, Recognition } from './recognition.ts';
import { DELIMITED_FORMATS, FORMATS, LIST_FORMAT, NAMED_FORMATS, TEXT_FORMAT, findFormat } from './registry.ts';
import { linesWithDigest, namesDigests } from './shapes/text.ts';
import { withAnyLineEnds } from './bytes/line-ends.ts';

/** How much of an input is enough to recognise it by, in bytes. */
export const HEAD_BYTES = 256 * 1024;

/** Share of lines with a digest from which unnamed text counts as a list. */
const LIST_SHARE = 0.2;

interface Choice {
  readonly format: Format;
  readonly fit: Fit;
}

/**
 * Says how an input will be read, from its first bytes (decoded UTF-8 without BOM, up to HEAD_BYTES; `complete` when
 * that is all of it). Looks at content only, and at the name where two formats look the very same. Throws INVALID_ARGUMENT for a format or column that was
 * asked for and does not exist.
 */
export function recognise(bytes: Uint8Array, complete: boolean, options: RecogniseOptions = {}): Recognition {
  const ends = withAnyLineEnds(bytes);
  const head = readHead(ends.head, complete);
  const fits = fittingFormats(head);
  const { format, fit } = choose(head, fits, options);
  const wasAsked = options.format !== undefined || options.digestColumns !== undefined;
  return {
    format: format.id,
    label: format.label,
    why: fit.why,
    isList:
      !head.isBinary && (wasAsked || (format === TEXT_FORMAT ? isMostlyDigests(head) : fit.isMostlyText !== true)),
    carriedColumns: fit.carriedColumns,
    digestColumns: fit.digestColumns,
    alternatives: alternatives(fits, format),
    isGuess: !wasAsked && (fit.isGuess === true || isGuess(fits, format) || isTwin(fit, options)),
    table: fit.table ?? null,
    open: (sink) => ends.reader(fit.open(sink)),
    count: () => ends.counter(fit.count()),
    restart: ends.isUsual ? (fit.restart ?? null) : null,
  };
}

/** Formats that find digests, best first; free text is always the last one. */
function fittingFormats(head: Head): Choice[] {
  const text = { format: TEXT_FORMAT, fit: TEXT_FORMAT.assume(head, {}) };
  if (head.isBinary) {
    return [text];
  }
  const probe = (format: Format): Choice[] => {
    const fit = format.probe(head);
    return fit === null ? [] : [{ format, fit }];
  };
  const delimited = DELIMITED_FORMATS.flatMap(probe).sort((left, right) => right.fit.digests - left.fit.digests);
  return [...NAMED_FORMATS.flatMap(probe), ...delimited, ...probe(LIST_FORMAT), text];
}

function choose(head: Head, fits: readonly Choice[], options: RecogniseOptions): Choice {
  if (options.format !== undefined) {
    const format = findFormat(options.format);
    if (format === null) {
      const ids = FORMATS.map(({ id }) => id).join(', ');
      throw new AppError('INVALID_ARGUMENT', `No format is called “${options.format}”. The formats are: ${ids}.`);
    }
    return { format, fit: format.assume(head, options) };
  }
  if (options.digestColumns !== undefined) {
    const format = fits.find((fit) => DELIMITED_FORMATS.includes(fit.format))?.format ?? widest(head);
    return { format, fit: format.assume(head, options) };
  }
  const [first = { format: TEXT_FORMAT, fit: TEXT_FORMAT.assume(head, {}) }] = fits;
  if (first.format === TEXT_FORMAT) {
    return { format: TEXT_FORMAT, fit: textFit(head) };
  }
  const { twin } = first.fit;
  const other = twin?.names.test(options.name ?? '') === true ? twin.format : null;
  return fits.find(({ format }) => format.id === other) ?? first;
}

/** True where nothing tells a format from another one whose inputs look the same. */
function isTwin({ twin }: Fit, { name = '' }: RecogniseOptions): boolean {
  return twin !== undefined && !twin.own.test(name);
}

function textFit(head: Head): Fit {
  return TEXT_FORMAT.probe(head) ?? TEXT_FORMAT.assume(head, {});
}

/** The delimiter that occurs most in the head, for columns somebody named. */
function widest(head: Head): Format {
  const marks = [',', '\t', ';', '|'];
  const counts = marks.map((mark) => head.lines.filter(({ text }) => text.includes(mark)).length);
  return DELIMITED_FORMATS[counts.indexOf(Math.max(...counts))] ?? TEXT_FORMAT;
}

function alternatives(fits: readonly Choice[], chosen: Format): FormatChoice[] {
  return fits
    .filter(({ format }) => format !== chosen)
    .map(({ format }) => ({ format: format.id, label: format.label }));
}

/** Of what reads about as much, this share at least. */
const ABOUT_AS_MUCH = 0.8;

/** Shapes with a mark of their own are no guess, nor is a table when only its lines begin with a hash, too. */
function isGuess(fits: readonly Choice[], chosen: Format): boolean {
  if (chosen === TEXT_FORMAT) {
    return true;
  }
  const isTable = DELIMITED_FORMATS.includes(chosen);
  const [first, ...others] = fits.filter(({ format }) => isTable && DELIMITED_FORMATS.includes(format));
  return first !== undefined && others.some(({ fit }) => fit.digests >= first.fit.digests * ABOUT_AS_MUCH);
}

function isMostlyDigests(head: Head): boolean {
  const hits = linesWithDigest(head);
  return hits > 0 && (hits >= head.lines.length * LIST_SHARE || namesDigests(head));
}
