import { createHash } from 'node:crypto';

/** The look of a page, light only: it is made to be printed. The measures are those of the window. */
const PAGE = `
:root{color-scheme:light}
body{font:13px/1.5 system-ui,-apple-system,"Segoe UI",Ubuntu,Cantarell,sans-serif;color:#16191d;background:#fff;max-width:1240px;margin:0 auto;padding:32px 24px 64px;font-variant-numeric:tabular-nums}
h1{font-size:28px;line-height:32px;font-weight:600;margin:4px 0 16px;overflow-wrap:anywhere}
h2{font-size:15px;line-height:20px;font-weight:600;margin:32px 0 8px;padding-top:12px;border-top:1px solid #e2e5e9;break-after:avoid}
assay-report{display:block}
p{margin:4px 0}a{color:#1f4fb8}
.small,caption,dt,.k,.l,em{color:#4a515c;font-style:normal}.small,.l{font-size:12px}
.mark{background:#fcf2df;color:#7d4b00;padding:8px 12px;border-radius:4px;font-weight:500}
.lines{white-space:pre-line;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:8px 0}dd{margin:0;overflow-wrap:anywhere}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:16px 0 0}
.equation{font-size:15px;line-height:24px}.equation b{font-weight:600}
.bar{display:block;width:100%;height:12px;margin:8px 0;border-radius:2px}
.counts{display:flex;flex-wrap:wrap;gap:8px 32px;list-style:none;padding:0;margin:8px 0}
.counts li{font-size:20px;line-height:24px;font-weight:600}.counts .s{font-size:13px;display:block;font-weight:500}
.s{white-space:nowrap;font-weight:500}
.s::before{content:"";display:inline-block;box-sizing:border-box;width:.75em;height:.75em;margin-right:.4em;vertical-align:-.04em}
.mal{color:#ad1219;fill:#d01f27}.mal::before{background:#d01f27;border-radius:1px}
.sus{color:#7d4b00;fill:#b86e00}.sus::before{background:#b86e00;clip-path:polygon(50% 0,100% 100%,0 100%)}
.non{color:#2a5f41;fill:#3d8f60}.non::before{background:#3d8f60;border-radius:50%}
.pen{color:#565d69;fill:#b4bbc5}.pen::before{border:1.5px dashed #767e8b;border-radius:50%}
.unk{color:#565d69;fill:#767e8b}.unk::before{border:1.5px solid #767e8b;border-radius:50%}
i{font-style:normal;font-size:.85em;background:#fcf2df;color:#7d4b00;border-radius:2px;unicode-bidi:isolate;direction:ltr}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:12px;line-height:16px}
caption{text-align:left;padding:4px 0}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #eef0f2;font-weight:400;overflow-wrap:anywhere}
thead th{font-weight:600;border-bottom-color:#b4bbc5}thead .stamp{background:#fcf2df;color:#7d4b00;padding:4px 8px}
.n{text-align:right;white-space:nowrap}
code{font:11px/16px ui-monospace,"SF Mono","Cascadia Mono",Consolas,"Ubuntu Mono",monospace}
.rows{table-layout:fixed}.rows p{margin:0 0 2px}.rows code{white-space:nowrap;letter-spacing:-.02em}
.rows .l{font-size:inherit}.d{white-space:nowrap}
.cn{width:52px}.cv{width:116px}.ch{width:492px}.cb{width:25%}
.part{content-visibility:auto;contain-intrinsic-size:auto 24000px}
.tag{display:inline-block;background:#eff1f3;border-radius:2px;padding:0 4px;margin-right:4px}
@page{size:landscape;margin:13mm 12mm 15mm;@bottom-left{content:"Assay report";font:8pt sans-serif;color:#4a515c}@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#4a515c}}
@media print{
body{max-width:none;padding:0;font-size:9.5pt}nav{display:none}
.part{content-visibility:visible;contain-intrinsic-size:none}
table{font-size:8pt;line-height:10.5pt}code{font-size:7pt;line-height:10.5pt}th,td{padding:3pt 8pt 3pt 0}.rows p{margin:0}
.cn{width:32pt}.cv{width:74pt}.ch{width:318pt}
thead{display:table-header-group}tr,li,dd,.equation{break-inside:avoid}
.bar,.s,.mark,.stamp,.tag,thead th{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;

/** Said at the top of every printed page of a report whose answers are made up. */
const STAMP = `
@page{@top-center{content:"Simulated sources: the answers in this report are made up";font:8pt sans-serif;color:#7d4b00}}
`;

/** Style elements of a report: the look, and the stamp where the answers are made up. */
export function styleElements(simulated: boolean): string {
  return `<style>${PAGE}</style>${simulated ? `<style>${STAMP}</style>` : ''}`;
}

/**
 * The style elements by their SHA-256, as sources of a `style-src` (CSP level 3): a page that allows no inline style but
 * these can show a report, and a report allows none that was slipped into it.
 */
export const REPORT_STYLE_SOURCES: readonly string[] = [PAGE, STAMP].map(
  (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
);
