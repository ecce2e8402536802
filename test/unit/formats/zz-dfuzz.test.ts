import { expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { openJson } from '#main/formats/json/reader.ts';
import { PLAIN } from '#main/formats/json/dialect.ts';
import { createJsonCounter } from '#main/formats/counters/json/counter.ts';
import { createCollector, chunksOf } from './collect.ts';

let state = Number(process.env.SEED ?? 1) >>> 0;
const rnd = (n: number): number => { state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0; return state % n; };
const pick = <T>(list: readonly T[]): T => list[rnd(list.length)] as T;
const hex = (n: number): string => Array.from({ length: n }, () => '0123456789abcdefABCDEF'[rnd(22)]).join('');
const KEYS = ['sha256','md5','sha1','hash','hashes','Hashes','name','path','file','size','type','alg','algorithm','id','sid','uuid','content','sections','x509','event','kind','carried','assay_note','sha256_first_seen','imphash','ssdeep','FileId','names','value','data','checksum','digest','ProcessSHA256','parent.hash.md5','é','\u200b','a'.repeat(210)];
const esc = (s: string): string => { let out=''; for (const c of s) { const r = rnd(60); if (r===0) out += '\\u' + c.charCodeAt(0).toString(16).padStart(4,'0'); else if (r===1) out += pick(['\\n','\\"','\\\\','\\/','\\b','\\f','\\t','\\ud83d\\ude00','\\ud83d','\\ude00','\\u00ad','\\u200b','\\x','\\u12','\u200b','\u00ad','é','😀','\ufeff']) + c; else out += c; } return out; };
const text = (): string => { const r = rnd(14); const h = hex(pick([32,40,64,31,33,63,65,44,96,128])); switch (r) {
 case 0: case 1: case 2: case 3: return h; case 4: return esc(h); case 5: return `see ${h} and ${hex(64)}`; case 6: return esc(`see ${h}, ${hex(40)} x`); case 7: return `MD5=${hex(32)},SHA256=${hex(64)},IMPHASH=${hex(32)}`; case 8: return `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`; case 9: return pick(['','-','N/A','sha256','SHA-1','file','x509-certificate','C:\\\\a\\\\b.exe','none']); case 10: return `sha256:${h}`; case 11: return `0000${hex(40)}`; case 12: return esc('lorem ipsum '.repeat(rnd(10))); default: return `${hex(32)}:${hex(40)}`; } };
const key = (): string => rnd(25) === 0 ? esc(pick(KEYS)) : rnd(30) === 0 ? hex(pick([32,40,64])) : pick(KEYS);
const scalar = (): string => pick(['1','0','-1','1e5','true','false','null','NaN','None','12345678901234567890123456789012','1234567890123456789012345678901234567890','-Infinity','1.5E+10','nul','-','1-2','--1']);
const value = (d: number): string => { const r = rnd(10); if (d <= 0 || r < 5) return `"${text()}"`; if (r === 5) return scalar(); if (r < 8) return obj(d-1); return `[${Array.from({length: rnd(5)}, () => value(d-1)).join(pick([',', ', ', ' ,\n']))}]`; };
const obj = (d: number): string => `{${Array.from({length: rnd(6)}, () => `"${key()}"${pick([':', ': ', ' : ', ':\n'])}${value(d)}`).join(pick([',', ', ',',\n', ' ']))}}`;
const doc = (): string => { const r = rnd(4); if (r === 0) return Array.from({length: rnd(6)+1}, () => obj(3).replaceAll('\n',' ')).join(pick(['\n','\r\n','\n\n','\n\u001e'])); if (r===1) return `[${Array.from({length: rnd(8)}, () => value(3)).join(',')}]`; return obj(4); };
const mutate = (b: Buffer): Buffer => { if (rnd(3) !== 0 || b.length === 0) return b; const c = Buffer.from(b); const r = rnd(4); if (r===0) return c.subarray(0, rnd(c.length)); if (r===1) { c[rnd(c.length)] = rnd(256); return c; } if (r===2) { const a = rnd(c.length); return Buffer.concat([c.subarray(0,a), Buffer.from(pick(['"','\\','{','}','[',']',':',',','\n','\u0000','\ud83d'])), c.subarray(a)]); } const a = rnd(c.length), e = Math.min(c.length, a+rnd(20)); return Buffer.concat([c.subarray(0,a), c.subarray(e)]); };
const read = (bytes: Uint8Array, byLine: boolean, sizes: number[]) => { const { sink, found } = createCollector(); const r = openJson(sink, { byLine, dialect: PLAIN }); const c = createJsonCounter(byLine, PLAIN); for (const chunk of chunksOf(bytes, sizes)) { r.push(chunk); c.push(chunk); chunk.fill(0xee); } r.end(); const counted = c.end(); return { found, counted, reported: found.hashes.length - found.another + found.without.length + found.rejected.length }; };
it('fuzz', () => {
  const until = Date.now() + Number(process.env.SECONDS ?? 60) * 1000; let n = 0; let bad = 0;
  while (Date.now() < until && bad < 4) {
    n += 1; const bytes = mutate(Buffer.from(doc())); const byLine = rnd(2) === 0;
    const whole = read(bytes, byLine, []);
    const show = (why: string, o: unknown) => { bad += 1; console.log(why, byLine, JSON.stringify(bytes.toString('latin1')).slice(0, 3000), JSON.stringify(o).slice(0, 3000)); };
    if (whole.counted !== whole.reported) show('COUNT', whole);
    for (const sizes of [[1], [rnd(7)+1, rnd(40)+1, rnd(3)+1]]) { const cut = read(bytes, byLine, sizes); if (JSON.stringify(cut) !== JSON.stringify(whole)) show(`CHUNK ${sizes}`, { cut, whole }); }
    // against JSON.parse: whole values under sha256
    }
  console.log('cases', n, 'bad', bad);
}, 600000);
