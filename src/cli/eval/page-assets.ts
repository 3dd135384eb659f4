/** Style and script of the results' page: the page is one file, and asks no network for anything. */

export const STYLE = `
:root { color-scheme: light dark; --ground: #f7f7f8; --surface: #fff; --line: #dcdde1; --ink: #1d1f24; --soft: #636873;
  --good: #1a7f4b; --bad: #b3362b; --odd: #8a5a00; --bar: #9db8e8; --hover: #eef0f4; --accent: #2457b3; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16171b; --surface: #1e2026; --line: #34373f; --ink: #e6e7ea; --soft: #9aa0ac;
    --good: #5cc98f; --bad: #ef8379; --odd: #d9a441; --bar: #3c5b93; --hover: #262931; --accent: #8ab0f5; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 32px clamp(16px, 4vw, 56px) 64px; background: var(--ground); color: var(--ink);
  font: 14px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 22px; font-weight: 600; }
h2 { margin: 36px 0 8px; font-size: 16px; font-weight: 600; }
p { max-width: 78ch; margin: 4px 0 12px; color: var(--soft); }
a { color: var(--accent); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover { background: var(--hover); }
thead th { position: sticky; top: 0; background: var(--surface); font-weight: 600; white-space: nowrap; }
thead button { all: unset; cursor: pointer; }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
th[aria-sort=ascending] button::after { content: " \\2191"; }
th[aria-sort=descending] button::after { content: " \\2193"; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { text-align: left; }
.name { overflow-wrap: anywhere; min-width: 6ch; }
.good { color: var(--good); } .bad { color: var(--bad); } .odd { color: var(--odd); } .soft { color: var(--soft); }
.interval { display: inline-block; position: relative; width: 120px; height: 8px; margin-right: 8px; border-radius: 4px;
  background: var(--hover); vertical-align: middle; }
.interval span { position: absolute; top: 0; bottom: 0; border-radius: 4px; background: var(--bar); }
.interval i { position: absolute; top: -2px; bottom: -2px; width: 2px; background: var(--ink); }
details { min-width: 16ch; max-width: 70ch; } details[open] { min-width: 48ch; } summary { cursor: pointer; } pre { margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; }
input { width: min(100%, 36ch); margin: 0 0 10px; padding: 6px 10px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--surface); color: inherit; font: inherit; }
@media print { input { display: none; } body { padding: 0; } }
`;

/** A click on a column's head sorts by it, a second one the other way round; the field above the runs filters them. */
export const SCRIPT = `
for (const table of document.querySelectorAll('table')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const falls = head.getAttribute('aria-sort') === 'ascending';
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', falls ? 'descending' : 'ascending');
    const keyOf = (row) => row.cells[column].dataset.key;
    const isNumber = head.classList.contains('number');
    const rows = [...table.tBodies[0].rows].sort((one, other) => {
      const [a, b] = [keyOf(one), keyOf(other)];
      if (a === '' || b === '') return (a === '' ? 1 : 0) - (b === '' ? 1 : 0);
      return (falls ? -1 : 1) * (isNumber ? a - b : a.localeCompare(b));
    });
    table.tBodies[0].append(...rows);
  }));
}
const filter = document.querySelector('input');
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const row of document.querySelector('#runs').tBodies[0].rows)
    row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
});
`;
