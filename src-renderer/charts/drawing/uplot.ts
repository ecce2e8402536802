import './language.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** The one way to uPlot: what it needs is there before it is loaded. */
export { uPlot };
