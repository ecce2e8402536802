/** Prints figures as they come, beside their goals. */
export interface Goals {
  /** A figure without a goal. */
  note(name: string, value: number, unit: string): void;
  atMost(name: string, value: number, goal: number, unit: string): void;
  atLeast(name: string, value: number, goal: number, unit: string): void;
  /** False as soon as one figure missed its goal. */
  areMet(): boolean;
}

export function createGoals(): Goals {
  let missed = 0;
  const line = (name: string, value: number, unit: string, rest: string): void =>
    console.log(`${name.padEnd(56)} ${`${figure(value)} ${unit}`.padStart(11)}${rest}`);
  return {
    note: (name, value, unit) => line(name, value, unit, ''),
    atMost(name, value, goal, unit) {
      const isMet = value <= goal;
      missed += isMet ? 0 : 1;
      line(name, value, unit, `  goal ${goal} ${unit}${isMet ? '' : '  MISSED'}`);
    },
    atLeast(name, value, goal, unit) {
      const isMet = value >= goal;
      missed += isMet ? 0 : 1;
      line(name, value, unit, `  goal ${goal} ${unit}${isMet ? '' : '  MISSED'}`);
    },
    areMet: () => missed === 0,
  };
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
