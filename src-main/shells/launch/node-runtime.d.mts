export function isSupportedNode(version: string): boolean;
export function pinnedNode(root: string, platform: string, arch: string): string | null;
export function continueOnSupportedNode(root: string, script: string): boolean;
export function returnToCallersFolder(root: string, script: string): void;
export function isFresh(built: string, folders: readonly string[]): boolean;
