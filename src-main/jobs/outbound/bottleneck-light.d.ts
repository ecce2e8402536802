/** The same library without its Redis part, which evaluates text and would be bundled for nothing. */
declare module 'bottleneck/light.js' {
  export { default } from 'bottleneck';
}
