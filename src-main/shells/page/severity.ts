/** How a shell's report is logged: faults of Assay itself as errors, what it refused a page as warnings. */
export function severityOf(event: string): 'error' | 'warn' {
  return event === 'page refused' ? 'warn' : 'error';
}
