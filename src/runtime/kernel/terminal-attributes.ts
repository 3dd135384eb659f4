/** How a terminal treats what is typed and shown: termios(3), with the numbers of Linux. */

export interface TerminalAttributes {
  /** c_iflag, c_oflag, c_cflag and c_lflag. */
  input: number;
  output: number;
  control: number;
  local: number;
  /** VMIN and VTIME (tenths of a second): when a read that is not of lines returns. Of VMIN only 0 differs from 1. */
  least: number;
  tenths: number;
}

/** c_iflag: what is typed. */
export const ICRNL = 0o400;
/** c_oflag: what is shown. */
export const OPOST = 0o1;
export const ONLCR = 0o4;
/** c_lflag: lines, echo, and characters that signal. */
export const ISIG = 0o1;
export const ICANON = 0o2;
export const ECHO = 0o10;
export const IEXTEN = 0o100000;

/** A terminal when it is opened. */
export const DEFAULT_ATTRIBUTES: Readonly<TerminalAttributes> = {
  // ICRNL IXON IUTF8
  input: 0o42400,
  output: OPOST | ONLCR,
  // CS8 CREAD at 38,400 baud
  control: 0o277,
  // ISIG ICANON ECHO ECHOE ECHOK ECHOCTL ECHOKE IEXTEN
  local: 0o105073,
  least: 1,
  tenths: 0,
};

/** As Node's `setRawMode` makes it: what is typed is read as it is, at once; what is shown is still in lines. */
export function rawAttributes(attributes: TerminalAttributes): TerminalAttributes {
  const local = attributes.local & ~(ISIG | ICANON | ECHO | IEXTEN);
  return { ...attributes, input: attributes.input & ~ICRNL, local, least: 1, tenths: 0 };
}
