import { type KeyRule, NO_KEY, keyRule } from '../json/keys/key-rules.ts';
import type { Way } from '../parts/ways.ts';
import type { IocItem, IocUnit } from './units.ts';

const TEXT: KeyRule = { ...NO_KEY, stem: 'text' };

/** An item and the rule its value is read by. */
export interface RuledItem {
  readonly item: IocItem;
  readonly rule: KeyRule;
}

/** The items of each way of a unit, with digests of one way and one place (`FileItem`) under one stem. */
export function ruledWays(unit: IocUnit): RuledItem[][] {
  const seen = new Set<string>();
  return unit.ways
    .map((way, index) => way.map((item) => ({ item, rule: ruleOf(item, `${index} ${placeOf(item)}`) })))
    .filter((way) => {
      // Ways that name the same digests are one: `hash AND (size OR size)`.
      const digests = way.filter(({ rule }) => rule.role === 'digest');
      const key = digests.map(({ rule, item }) => `${rule.name}=${item.value ?? ''}`).join('\n');
      const isNew = key === '' || !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

/** What the search term of an item, or the type of its content, says about its value. */
function ruleOf(item: IocItem, stem: string): KeyRule {
  const steps = item.search.split('/');
  const rule = keyRule(steps.at(-1) ?? '');
  const byType = keyRule(item.contentType);
  const named = rule.role === 'digest' || rule.role === 'never' || byType.role !== 'digest' ? rule : byType;
  if (named.role === 'digest') {
    const scope = /PEInfo\/Sections|PEInfo\/Resource/i.test(item.search)
      ? 'section hash'
      : /certificate|signature/i.test(item.search)
        ? 'certificate hash'
        : null;
    return scope === null
      ? { ...named, name: item.search, stem: `${stem} ${named.stem}` }
      : { ...NO_KEY, name: item.search, role: 'never', setAside: scope };
  }
  if (named.role === 'never') {
    return { ...named, name: item.search };
  }
  return { ...TEXT, name: item.search };
}

/** The value of the first item of a way whose search term fits, or ''. */
export function valueOf(way: Way<RuledItem>, document: string, pattern: RegExp): string {
  const found = way.find(({ item }) => documentOf(item) === document && pattern.test(item.search));
  return found?.item.value?.trim() ?? '';
}

/** What has the digest of an item: `ProcessItem/SectionList/MemorySection` of its `Md5sum`. */
function placeOf(item: IocItem): string {
  return `${documentOf(item)} ${item.search.slice(0, Math.max(0, item.search.lastIndexOf('/')))}`;
}

/** The kind of thing an item speaks of: `FileItem`. */
export function documentOf(item: IocItem): string {
  return item.document === '' ? (item.search.split('/')[0] ?? '') : item.document;
}
