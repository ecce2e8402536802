import { MemberFault } from '../port.ts';

/** Bytes of CSV that stand for nothing: what an empty cell or row costs. Shared by the sheets of a workbook. */
export class BlankBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) {
      throw new MemberFault('limit', 'its sheets hold more empty rows and cells than are followed');
    }
  }
}
