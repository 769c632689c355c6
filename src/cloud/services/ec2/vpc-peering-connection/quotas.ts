/** How many peerings there may be. (semantics 5.9) */

/** In a VPC: 50 by default, raised to 125 on request. The higher one, so that a large hub can be tried. */
export const activePeeringsPerVpc = 125;

/** Unanswered requests of an account: 25 by default, raised on request to no documented limit. */
export const outstandingRequestsPerAccount = 1000;
