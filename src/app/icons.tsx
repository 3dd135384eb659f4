/** Line icons on a 16-unit square; decoration only, the words beside them say it. */
const PATHS = {
  read: 'M2 3.500c2-.8 4-.6 6 .7 2-1.3 4-1.5 6-.7v9c-2-.8-4-.6-6 .7-2-1.3-4-1.5-6-.7zM8 4.200v9',
  plan: 'M5.5 4h8M5.5 8h8M5.5 12h5M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  edit: 'M10.5 3l2.5 2.500L6 12.500l-3 .5.5-3zM9 4.500L11.5 7',
  run: 'M2.5 4l4 4-4 4M8 12.500h5.5',
  verify: 'M8 1.800l5 2v4c0 3-2 5.3-5 6.4-3-1.1-5-3.4-5-6.400v-4zM5.7 8l1.7 1.7 3-3.2',
  repair: 'M13 8a5 5 0 1 1-1.6-3.700M13 2v3h-3',
  play: 'M4.5 3v10l8-5z',
  step: 'M3.5 3v10l6-5zM12.5 3v10',
  stop: 'M4 4h8v8H4z',
  settings: 'M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 2.800v3.400M6 9.800v3.4',
  share: 'M8 10V2M5 4.500L8 1.800l3 2.700M3 8v5.500h10V8',
  sun: 'M8 5.200a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.600M8 1.500v1M8 13.500v1M1.5 8h1M13.5 8h1M3.4 3.400l.7.7M11.9 11.900l.7.7M3.4 12.600l.7-.7M11.9 4.100l.7-.7',
  moon: 'M13 9.500A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.500z',
  auto: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 2v12',
  file: 'M4 1.800h5l3 3v9.400H4zM9 1.800v3h3',
  folder: 'M1.8 4V12.500h12.400V5.500H8L6.5 3.500H1.800z',
  check: 'M3 8.500l3.2 3L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  skip: 'M3 8h10',
  chevron: 'M6 4l4 4-4 4',
  tree: 'M4 3v7a2 2 0 0 0 2 2h3M4 6h5M11 6h.01M11 12h.01M4 3h.01',
  rollback: 'M3 6h6.500a3.5 3.5 0 0 1 0 7H6M5.5 3L2.5 6l3 3',
  code: 'M5.5 4.500L2 8l3.5 3.500M10.5 4.500L14 8l-3.5 3.5',
  task: 'M3.5 2.500h9v11h-9zM6 6h4M6 9h4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
