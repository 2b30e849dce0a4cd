import { describe, expect, it } from 'vitest'
import { type Point, placesOf } from '../../src/console/parts/map-labels.ts'

const labelsOf = (points: Record<string, Point>) => placesOf(new Map(Object.entries(points)))

describe('names on a map', () => {
  it('stand to the right of their points where there is room', () => {
    const labels = labelsOf({ TH: [100, 100], VN: [200, 100] })
    expect(labels.map(({ name, anchor }) => [name, anchor])).toEqual([
      ['TH', 'start'],
      ['VN', 'start'],
    ])
  })

  it('give way to a name, and to a point', () => {
    const labels = labelsOf({ HK: [100, 100], MO: [96, 101], TW: [118, 100] })
    expect(labels.map(({ name }) => name)).toEqual(['HK', 'MO', 'TW'])
    expect(labels.find(({ name }) => name === 'HK')?.anchor).not.toBe('start')
    expect(labels.find(({ name }) => name === 'TW')?.anchor).toBe('start')
    const places = labels.map(({ anchor, x, y }) => `${anchor} ${Math.round(x)} ${Math.round(y)}`)
    expect(new Set(places).size).toBe(3)
  })

  it('are left out where there is no room at all', () => {
    const crowd = Array.from({ length: 9 }, (_, at) => [`X${at}`, [100, 100]] as const)
    expect(placesOf(new Map(crowd))).toHaveLength(3)
  })
})
