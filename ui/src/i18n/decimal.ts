/** Sums of money as the wire writes them: exact decimals, never floats. */

const PLACES = 8;

function scaled(amount: string): bigint {
  const [, sign = '', whole = '0', part = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const value = BigInt(whole + part.slice(0, PLACES).padEnd(PLACES, '0'));
  return sign === '-' ? -value : value;
}

/** `a - b` */
export function minus(a: string, b: string): string {
  const value = scaled(a) - scaled(b);
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '').padEnd(2, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${part}`;
}

export const isZero = (amount: string): boolean => scaled(amount) === 0n;
export const isNegative = (amount: string): boolean => scaled(amount) < 0n;

/** Without its sign. */
export const absolute = (amount: string): string => amount.replace(/^-/, '');
