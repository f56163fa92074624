/** A round number at or above the highest bar, so that the scale reads easily. */
export function scaleTop(highest: number): number {
  if (highest <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 4, 5, 10].map((step) => step * power).find((top) => top >= highest) ?? highest
}
