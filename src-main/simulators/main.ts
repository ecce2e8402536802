// The simulators' own bundle. Whoever runs them loads this file by name while running; nothing imports it, so that no part
// of the program that asks real sources holds any of it.
export { SIMULATED_SERVICES, SIMULATED_THREATCONNECT, startServices } from './services.ts';
export { SIMULATED, SIMULATED_SOURCES, startSimulators } from './start.ts';
