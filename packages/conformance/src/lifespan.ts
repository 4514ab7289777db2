/** Key under which the probe observes its lifespan. */
export const LIFESPAN = 'lifespan'
