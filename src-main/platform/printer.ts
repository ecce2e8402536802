/** How a page is printed. */
export interface PrintOptions {
  /** With the structure that screen readers follow, and an outline: more than twice the time and seven times the size. */
  readonly tagged: boolean;
}

/** Turns a page into a PDF: what a shell with a browser engine can do. */
export interface Printer {
  /** Why nothing can be printed here, in a sentence; null when it can. Looks, and starts nothing. */
  unavailable(): string | null;
  /**
   * Prints the HTML file to `pdfPath`, in a page of its own that runs no script and reaches no network. Files beside
   * `htmlPath` may be made meanwhile: the caller owns that folder and removes it. Rejects with AppError when it cannot.
   */
  print(htmlPath: string, pdfPath: string, options: PrintOptions, signal: AbortSignal): Promise<void>;
}
