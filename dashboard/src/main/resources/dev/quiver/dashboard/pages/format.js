// Numbers as people read them, of a width that doesn't jump.

const whole = new Intl.NumberFormat('en');

export const count = n => whole.format(n);

// 12,345 stays; 1,234,567 becomes 1.23 M.
export function short(n) {
  for (const [unit, size] of [['G', 1e9], ['M', 1e6]])
    if (n >= size) return `${(n / size).toFixed(n >= 100 * size ? 0 : n >= 10 * size ? 1 : 2)} ${unit}`;
  return whole.format(Math.round(n));
}

// How many a second.
export const rate = n => n >= 100 ? short(n) : n.toFixed(n >= 10 ? 0 : 1);

export function bytes(n) {
  for (const [unit, size] of [['TB', 2 ** 40], ['GB', 2 ** 30], ['MB', 2 ** 20], ['KB', 2 ** 10]])
    if (n >= size) return `${(n / size).toFixed(n >= 100 * size ? 0 : n >= 10 * size ? 1 : 2)} ${unit}`;
  return `${Math.round(n)} B`;
}

export function duration(micros) {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1e6) return `${(micros / 1e3).toFixed(micros < 1e5 ? 1 : 0)} ms`;
  const seconds = micros / 1e6;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

// Okabe and Ito's colours, which people with any sight tell apart; grey instead of black, for dark pages.
export const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b8a800', '#8a8f98'];

export const colour = index => COLOURS[index % COLOURS.length];
