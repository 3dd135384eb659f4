/** Whether a program that asks other machines is told to ask this one. */
import { type Argument, knownValue } from './words.ts';

const LOCAL_ADDRESS = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?:[:/]|$)/;
const ASKS = /^(?:curl|wget|nc|ping)$/;
/** Their value is no address. */
const VALUED =
  /^-[a-zA-Z]*[XHdouAebcTFwmyYzrCEiOtUp]$|^--(?:request|header|data[\w-]*|json|output(?:-\w+)?|user(?:-agent)?|referer|cookie(?:-jar)?|form[\w-]*|write-out|max-time|connect-timeout|retry[\w-]*|range|post-\w+|method|body-\w+|timeout|tries|upload-file)$/;
/** With these the address on the line is not where it goes. */
const ELSEWHERE =
  /^-[a-zA-Z]*[xK]$|^--(?:\w*proxy\d*|preproxy|config|resolve|connect-to|dns-\w+|input-file|socks\S*)\b/;

/** Of curl and its like: every address is one of this machine, and there is one. */
export function staysHere([program, ...args]: readonly Argument[]): boolean {
  const name = knownValue(program) ?? '';
  if (!ASKS.test(name) || args.some(({ text }) => ELSEWHERE.test(text))) return false;
  const isCurl = name === 'curl';
  const addresses = args.flatMap((arg, at) => {
    const text = knownValue(arg) ?? '?';
    if (/^--url=/.test(text)) return [text.slice('--url='.length)];
    if (/^-./.test(text)) return [];
    const before = args[at - 1]?.text ?? '';
    // "-O" and "-i" of curl have no value.
    if (VALUED.test(before) && !(isCurl && /^-[a-zA-Z]*[OipE]$/.test(before))) return [];
    // A port, a count.
    return /^\d{1,5}$/.test(text) && at > 0 ? [] : [text];
  });
  return addresses.length > 0 && addresses.every((each) => LOCAL_ADDRESS.test(each) && !/^\w*:?\/*[^/]*@/.test(each));
}
