import { afterEach, describe } from 'vitest';
import type { Simulator } from '#main/simulators/port.ts';
import { answers } from './answers.ts';
import { connection } from './connection.ts';
import { faults } from './faults.ts';
import type { SourceUnderTest } from './source-under-test.ts';
import { clearStages } from './stage.ts';
import { ways } from './ways.ts';

/** What every source has to do alike, through the real network and against its simulator. */
export function conformance<S extends Simulator>(source: SourceUnderTest<S>): void {
  afterEach(clearStages);
  describe('answers', () => {
    answers(source);
  });
  describe('faults', () => {
    faults(source);
  });
  describe('the way there', () => {
    ways(source);
  });
  describe('the connection test', () => {
    connection(source);
  });
}
