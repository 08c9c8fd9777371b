import { z } from 'zod'

/** A workload as the catalog names it: `deployment/porttrack-app`. */
export const workloadName = z
  .string()
  .regex(
    /^(deployment|statefulset|daemonset)\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'KIND/NAME, where KIND is deployment, statefulset or daemonset',
  )
