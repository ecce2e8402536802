import type { PageFile } from './page-file.ts';
import { childrenOf, treeType } from './tree-page.ts';

const ROOT = 1;
const TREE = 5;
/** The page that holds the byte all file locks are taken at, one gigabyte in, is never used. */
const PENDING_BYTE = 0x4000_0000;
const DEEPEST_TREE = 24;

/**
 * Which tree each page belongs to, by its root page. The file's own map of parents is asked first, because it still knows
 * the leaves of a branch whose inner page is gone; where it says nothing, the branches are followed from the roots down.
 */
export function pageOwners(file: PageFile, roots: readonly number[]): ReadonlyMap<number, number> {
  const known = new Set(roots);
  const owners = new Map<number, number>();
  for (let number = 3; number <= file.count; number += 1) {
    const root = climb(file, number);
    if (root !== null && known.has(root)) {
      owners.set(number, root);
    }
  }
  for (const root of roots) {
    owners.set(root, root);
    descend(file, root, root, owners, 0);
  }
  return owners;
}

function climb(file: PageFile, number: number): number | null {
  let at = number;
  for (let level = 0; level < DEEPEST_TREE; level += 1) {
    const entry = parentOf(file, at);
    if (entry === null) {
      return null;
    }
    if (entry.type === ROOT) {
      return at;
    }
    if (entry.type !== TREE) {
      return null;
    }
    at = entry.parent;
  }
  return null;
}

const MAPS = new WeakMap<PageFile, Map<number, Buffer | null>>();

function parentOf(file: PageFile, number: number): { readonly type: number; readonly parent: number } | null {
  if (number < 3) {
    return null;
  }
  const perMap = Math.floor(file.pageSize / 5) + 1;
  const pending = PENDING_BYTE / file.pageSize + 1;
  const first = Math.floor((number - 2) / perMap) * perMap + 2;
  const map = first === pending ? first + 1 : first;
  if (number <= map) {
    return null;
  }
  let maps = MAPS.get(file);
  if (maps === undefined) {
    maps = new Map();
    MAPS.set(file, maps);
  }
  let page = maps.get(map);
  if (page === undefined) {
    page = file.page(map);
    maps.set(map, page);
  }
  const at = 5 * (number - map - 1);
  if (page === null || at + 5 > page.length) {
    return null;
  }
  return { type: page[at] as number, parent: page.readUInt32BE(at + 1) };
}

function descend(file: PageFile, number: number, root: number, owners: Map<number, number>, depth: number): void {
  const page = file.page(number);
  if (page === null || depth > DEEPEST_TREE) {
    return;
  }
  const isTable = treeType(page, number) === 5;
  for (const child of childrenOf(page, number)) {
    const below = child > 1 && child <= file.count ? file.page(child) : null;
    const type = below === null ? 0 : treeType(below, child);
    const fits = isTable ? type === 5 || type === 13 : type === 2 || type === 10;
    if (fits && (owners.get(child) ?? root) === root) {
      const isNew = !owners.has(child);
      owners.set(child, root);
      if (isNew || type === 5 || type === 2) {
        descend(file, child, root, owners, depth + 1);
      }
    }
  }
}
