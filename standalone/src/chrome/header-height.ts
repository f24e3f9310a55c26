// Height of the header in pixels; sticky controls of a scene stay below it.
export const HEADER_HEIGHT = 48;
