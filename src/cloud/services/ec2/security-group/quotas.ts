/** How many groups and rules there may be. AWS's default where it cannot be raised by much, else the highest it grants. (semantics 3.7) */

/** 2,500 by default, raised to 10,000 on request: the higher one, so that a large lab fits. */
export const groupsPerRegion = 10_000;

/** For each direction and each address family. */
export const rulesPerGroup = 60;
