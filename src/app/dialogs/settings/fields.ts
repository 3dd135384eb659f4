import type { Settings } from '../../settings.ts';

export interface FieldsProps {
  readonly draft: Settings;
  readonly change: (part: Partial<Settings>) => void;
}
