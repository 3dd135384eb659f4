/** How a model calls tools: as its server has it, in its text, or (auto) as the server has it while that works. */
export const TOOL_MODES = ['auto', 'native', 'text'] as const;
export type ToolMode = (typeof TOOL_MODES)[number];
