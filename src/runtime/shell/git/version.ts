/** The git that ours is compared with. */
export const VERSION = '2.39.5';
