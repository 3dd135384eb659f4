import { useState } from 'react';
import { Icon } from '../icons.tsx';

type Theme = 'auto' | 'light' | 'dark';
const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const ICONS = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const STORED = 'fixpoint-theme';

function currentTheme(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

export function ThemeToggle() {
  const [theme, setTheme] = useState(currentTheme);
  const change = () => {
    const next = NEXT[theme];
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(STORED, next);
    } catch (error) {
      console.warn('The theme holds for this visit only', error);
    }
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="button quiet icon-only"
      aria-label={`Theme: ${theme === 'auto' ? "the system's" : theme}. Change`}
      onClick={change}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}
