/** How long it takes at the least to get from a till in one market to a till in another. */

/**
 * Middle of each market (degrees) and the distance from it to the farthest till that matters (kilometres): rough, and
 * on the side of those who travel.
 */
// biome-ignore format: a table is read by column
const places: Readonly<Record<string, readonly [latitude: number, longitude: number, radiusKm: number]>> = {
  CN: [33, 110, 1_900], HK: [22.3, 114.2, 30],  MO: [22.2, 113.5, 10],  TW: [23.7, 121, 200],
  JP: [36, 138, 900],   KR: [36.4, 127.9, 300], MN: [46.9, 103.8, 900], TH: [14, 101, 800],
  MY: [4.2, 107, 900],  SG: [1.35, 103.8, 25],  ID: [-3, 114, 2_000],   VN: [16, 107, 850],
  PH: [13, 122, 900],   KH: [12.6, 105, 250],   LA: [18, 104, 500],     MM: [20, 96, 800],
  BN: [4.5, 114.7, 70], IN: [22, 79, 1_500],    NP: [28.2, 84, 400],    BD: [23.8, 90.3, 300],
  LK: [7.6, 80.7, 220], PK: [30, 70, 800],      MV: [3.2, 73.2, 400],   KZ: [48, 68, 1_300],
  UZ: [41.5, 64, 600],  RU: [58, 70, 3_500],    AE: [24.3, 54.4, 250],  SA: [24, 45, 900],
  QA: [25.3, 51.2, 80], TR: [39, 35, 800],      DE: [51, 10.3, 420],    FR: [46.6, 2.4, 520],
  IT: [42.8, 12.5, 600], ES: [40, -3.7, 550],   GB: [54, -2.5, 500],    AU: [-27, 134, 2_000],
  NZ: [-41, 173, 800],  US: [39, -98, 2_400],   CA: [50, -95, 2_600],   ZA: [-29, 25, 800],
}

/** Markets that one walks, drives or sails between: a border may lie between two tills of one street. */
const neighbours = new Set(
  (
    'CN-HK CN-MO HK-MO CN-VN CN-LA CN-MM CN-MN CN-RU CN-KZ CN-NP CN-IN CN-PK TH-MY TH-LA TH-KH TH-MM MY-SG MY-ID MY-BN ID-SG ' +
    'VN-LA VN-KH LA-KH LA-MM IN-NP IN-BD IN-PK IN-MM BD-MM KZ-UZ KZ-RU RU-MN AE-SA SA-QA AE-QA DE-FR FR-IT FR-ES FR-GB US-CA'
  ).split(' '),
)

const areNeighbours = (one: string, other: string): boolean =>
  neighbours.has(`${one}-${other}`) || neighbours.has(`${other}-${one}`)

/** To the airport, through it, and out of the other one: nobody is quicker. */
const AIRPORTS_MS = 75 * 60_000
const KM_PER_HOUR = 900
const EARTH_KM = 6_371

/** Milliseconds; 0 where a border is all that lies between, or where nothing is known. */
export function travelMs(from: string, to: string): number {
  const [start, end] = [places[from], places[to]]
  if (from === to || start === undefined || end === undefined || areNeighbours(from, to)) return 0
  const km = Math.max(distanceKm(start, end) - start[2] - end[2], 0)
  return AIRPORTS_MS + (km / KM_PER_HOUR) * 3_600_000
}

function distanceKm(
  [latitude, longitude]: readonly [number, number, number],
  [otherLatitude, otherLongitude]: readonly [number, number, number],
): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [one, other] = [radians(latitude), radians(otherLatitude)]
  const haversine =
    Math.sin((other - one) / 2) ** 2 +
    Math.cos(one) * Math.cos(other) * Math.sin(radians(otherLongitude - longitude) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(haversine))
}
