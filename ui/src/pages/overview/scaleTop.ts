/** A round number at or above the highest bar, so that the scale reads easily. */
export function scaleTop(highest: number): number {
  // Half of it stands on the scale, too, and there are no half punches.
  if (highest <= 10) return Math.max(4, highest + (highest % 2))
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 4, 5, 10].map((step) => step * power).find((top) => top >= highest) ?? highest
}
