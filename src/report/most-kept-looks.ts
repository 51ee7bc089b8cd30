/** How many looks of one drive its report keeps. */

/** Most looks that are kept; an hour at the shortest usual interval is 720. */
export const MOST_KEPT_LOOKS = 2_000;
/** The newest looks stay whole: what happened before the end is what people ask for. */
export const NEWEST_LOOKS = 200;
