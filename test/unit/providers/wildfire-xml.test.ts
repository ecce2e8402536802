import { describe, expect, it } from 'vitest';
import { parseWildFire } from '#main/providers/wildfire/xml.ts';

const parse = (text: string): ReturnType<typeof parseWildFire> => parseWildFire(new TextEncoder().encode(text));

describe('an answer of WildFire', () => {
  it('is read wherever its elements stand and whatever the root is called', () => {
    expect(
      parse(
        '\uFEFF\r\n<odd><inner><get-verdict-info><more><verdict> 1 </verdict></more><md5><![CDATA[AB]]></md5></get-verdict-info></inner></odd>',
      ),
    ).toEqual({
      kind: 'document',
      root: 'odd',
      entries: [{ sha256: null, md5: 'AB', verdict: '1' }],
      errorMessage: null,
    });
  });

  it('keeps an error message without its quotes, and the five entities of XML', () => {
    expect(parse("<error><error-message>'A &lt;b&gt; &amp; c'</error-message></error>")).toMatchObject({
      errorMessage: 'A <b> & c',
    });
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['white space', ' \n ', 'it is empty'],
    ['JSON', '{"verdict": 0}', 'it is no XML'],
    ['a declared entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'it declares a document type'],
    ['an entity of nobody', '<a>&nbsp;</a>', 'it is no whole XML document'],
    ['an end that is missing', '<wildfire><get-verdict-info>', 'it is no whole XML document'],
    ['two roots', '<a/><b/>', 'it is no whole XML document'],
    ['a nest', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`, 'it nests too deep'],
  ])('%s is none', (_what, text, why) => {
    expect(parse(text)).toEqual({ kind: 'not-xml', why });
  });

  it('is none when its bytes are noise', () => {
    expect(parseWildFire(new Uint8Array([0, 255, 254, 60, 33, 1, 128]))).toMatchObject({ kind: 'not-xml' });
  });
});
