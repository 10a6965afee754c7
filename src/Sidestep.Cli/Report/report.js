'use strict';
window.addEventListener('error', e => { document.documentElement.dataset.error = e.message; });
(() => {
  const root = document.documentElement, tip = document.getElementById('tip');
  document.getElementById('theme').addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  });

  for (const box of document.querySelectorAll('input[data-run]')) {
    box.addEventListener('change', () => {
      for (const other of document.querySelectorAll(`input[data-run="${box.dataset.run}"]`)) other.checked = box.checked;
      for (const line of document.querySelectorAll(`g[data-run="${box.dataset.run}"]`)) line.toggleAttribute('data-off', !box.checked);
    });
  }

  const show = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(innerWidth - box.width - 4, x + 14)) + 'px';
    tip.style.top = Math.max(4, Math.min(innerHeight - box.height - 4, y + 14)) + 'px';
  };
  const hide = () => { tip.hidden = true; document.querySelectorAll('.cursor').forEach(c => c.remove()); };

  const digits = v => { const s = Math.abs(v); return s >= 1e4 || (s < 1e-3 && s > 0) ? v.toExponential(2) : String(+v.toPrecision(4)); };
  const axis = (data, from, to) => {
    const [kind, least, most, unit] = data.split(','), a = +least, b = +most;
    return { unit, value: p => { const t = (p - from) / (to - from); return kind === 'log' ? a * Math.pow(b / a, t) : a + t * (b - a); } };
  };
  const points = path => {
    if (!path.points) {
      const out = []; let x = 0, y = 0;
      for (const [, op, rest] of path.getAttribute('d').matchAll(/([MLHV])([^MLHV]+)/g)) {
        const n = rest.trim().split(' ').map(Number);
        if (op === 'H') x = n[0]; else if (op === 'V') y = n[0]; else [x, y] = n;
        out.push([x, y]);
      }
      path.points = out;
    }
    return path.points;
  };

  for (const chart of document.querySelectorAll('svg[data-x]')) {
    const [left, right, bottom, top] = chart.dataset.box.split(',').map(Number);
    const xs = axis(chart.dataset.x, left, right), ys = axis(chart.dataset.y, bottom, top);
    let at = left;
    const look = (px, clientX, clientY) => {
      at = Math.max(left, Math.min(right, px));
      const rows = [];
      for (const line of chart.querySelectorAll('g[data-run]:not([data-off]) .line')) {
        let best = null;
        for (const p of points(line)) if (!best || Math.abs(p[0] - at) <= Math.abs(best[0] - at)) best = p;
        if (best) rows.push(`${line.dataset.name}: ${digits(ys.value(best[1]))} ${ys.unit}`);
      }
      chart.querySelectorAll('.cursor').forEach(c => c.remove());
      chart.insertAdjacentHTML('beforeend', `<path class="cursor" d="M${at} ${top}V${bottom}"/>`);
      show(`${digits(xs.value(at))} ${xs.unit}\n${rows.join('\n')}`, clientX, clientY);
    };
    chart.addEventListener('pointermove', e => {
      const box = chart.getBoundingClientRect();
      look((e.clientX - box.left) * chart.viewBox.baseVal.width / box.width, e.clientX, e.clientY);
    });
    chart.addEventListener('keydown', e => {
      if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
      e.preventDefault();
      const box = chart.getBoundingClientRect(), step = (right - left) / 50;
      const to = at + (e.key === 'ArrowRight' ? step : -step);
      look(to, box.left + to * box.width / chart.viewBox.baseVal.width, box.top + 20);
    });
    chart.addEventListener('pointerleave', hide);
    chart.addEventListener('blur', hide);
  }

  root.dataset.ready = String(document.querySelectorAll('svg.chart').length);
})();
