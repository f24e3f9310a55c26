// Names of events as a field holds them: one a line.
export const linesOf = (names: readonly string[]): string => names.join('\n');

export const namesOf = (lines: string): string[] => [...new Set(lines.split('\n').map((line) => line.trim()).filter((line) => line !== ''))];
