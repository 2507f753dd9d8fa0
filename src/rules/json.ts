/** Anything JSON can hold; what a flow may keep as a memo. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
