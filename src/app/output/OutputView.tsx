import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { formatCount } from '../format.ts';
import { createLineStates, parseAnsiLine } from './ansi.ts';
import { lastOutput } from './last-output.ts';

const LINE_HEIGHT = 18;

/** Live output while there is some, else that of the last command in the log. Only the lines in view are drawn. */
export function OutputView() {
  const { output } = useWorkbench();
  useSyncExternalStore(output.subscribe, () => output.version);
  const state = useSession();
  const isRunning = useView(({ activity }) => activity.kind !== 'idle');
  const live = output.lines;
  const lines = live.length > 0 || isRunning ? live : lastOutput(state);
  const states = useLineStates(lines, output.dropped);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  useEffect(() => {
    const element = scroller.current;
    if (element && isRunning && lines.length > 0) element.scrollTop = element.scrollHeight;
  }, [isRunning, lines.length]);
  if (lines.length === 0) return <p className="quiet-text">{isRunning ? 'No output yet.' : 'No command has run.'}</p>;
  return (
    <div className="output">
      {output.dropped > 0 && (
        <p className="quiet-text">The first {formatCount(output.dropped, 'line')} are not kept here.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section ref={scroller} className="output-scroll" tabIndex={0} aria-label="Output">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => (
            <div key={item.index} className="output-line" style={{ transform: `translateY(${item.start}px)` }}>
              {parseAnsiLine(lines[item.index] ?? '', states.before(lines, item.index)).spans.map(
                ({ text, style }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: spans of a line have no other identity
                  <span key={index} className={style}>
                    {text}
                  </span>
                ),
              )}
            </div>
          ))}
        </div>
      </section>
    </div>
  );
}

/** Colours found so far hold while the lines only grow. */
function useLineStates(lines: readonly string[], dropped: number) {
  const states = useMemo(createLineStates, []);
  const seen = useRef({ length: 0, dropped: 0, first: '' });
  const { length } = lines;
  const first = lines[0] ?? '';
  const last = seen.current;
  if (length < last.length || dropped !== last.dropped || first !== last.first) states.forget();
  seen.current = { length, dropped, first };
  return states;
}
