import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { XmlError } from '#main/simulators/tanium/document/cursor.ts';
import { parseXml } from '#main/simulators/tanium/document/xml.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { openIoc, ROOT } from './tanium-stage.ts';

const ROUNDS = 6000;
const PIECES = [
  ...Array.from(`<>/&;"'= \n\r:-!?[]aé𝄞\u0001`),
  ...'<!-- --> <![CDATA[ ]]> <? ?> <a> </a> <a/> &amp; &#65; &#0; &x; xmlns="" </ioc>'.split(' '),
  ...' b="c"| b="c"| xml:lang="en"|<p:a xmlns:p="u"/>|<?xml version="1.0"?>'.split('|'),
];

/** It lets a `?` follow the name of an instruction, where the grammar asks for white space or the end. */
const SAXES_IS_LAX = /<\?[^\s?]+\?[^>]/;

/** True when saxes, a parser of others that is as strict, takes it, and it is UTF-8 by its own word. */
function isTakenBySaxes(xml: string): boolean {
  let isGood = true;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => {
    isGood = false;
  });
  parser.on('doctype', () => {
    isGood = false;
  });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    isGood &&= encoding.toLowerCase() === 'utf-8';
  });
  parser.write(xml).close();
  return isGood;
}

function isTakenHere(xml: string): boolean {
  try {
    parseXml(Buffer.from(xml));
    return true;
  } catch (error) {
    if (error instanceof XmlError) {
      return false;
    }
    throw error;
  }
}

it('takes and refuses damaged documents as another strict parser does', () => {
  const random = seededRandom(20_260_301);
  const below = (n: number): number => Math.floor(random() * n);
  const good = openIoc(ROOT, ['A'.repeat(32)]);
  const differing: string[] = [];
  let taken = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let xml = good;
    for (let change = 0; change <= below(2); change += 1) {
      const at = below(xml.length);
      xml = xml.slice(0, at) + (PIECES[below(PIECES.length)] ?? '') + xml.slice(at + below(3) * below(6));
    }
    // A cut may leave half a surrogate pair, which no bytes can carry.
    xml = xml.toWellFormed();
    const here = isTakenHere(xml);
    taken += here ? 1 : 0;
    if (here !== isTakenBySaxes(xml) && !SAXES_IS_LAX.test(xml)) {
      differing.push(`${here ? 'taken here' : 'refused here'}: ${xml}`);
    }
  }
  expect(differing.slice(0, 5)).toEqual([]);
  expect(taken).toBeGreaterThan(ROUNDS / 20);
  expect(taken).toBeLessThan(ROUNDS / 2);
});
