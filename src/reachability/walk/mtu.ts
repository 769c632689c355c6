/** Bytes of the largest packet, by what it goes through. [PX-56, semantics 6.10] */

/** Within a VPC, and between VPCs of one Region. */
export const jumboMtu = 9001;
/** Over a peering between Regions. */
export const interRegionMtu = 8500;
export const transitGatewayMtu = 8500;
export const internetMtu = 1500;
