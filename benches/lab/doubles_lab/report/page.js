// The page's switches: the filter, the scale and the theme, for every chart and table. Needs vegaEmbed.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const known = new Map(Object.entries(data.contenders));
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const views = new Map();
  let pass = 0;

  // Theme

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  const colour = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const theme = (narrow) => {
    const [ink, quiet, line, edge] = ["ink", "quiet", "line", "edge"].map(colour);
    const font = getComputedStyle(document.body).fontFamily;
    const words = { labelColor: ink, titleColor: quiet, titleFontWeight: "normal", labelFontSize: 12, titleFontSize: 12 };
    return {
      background: "transparent",
      font,
      title: { color: ink, subtitleColor: quiet, anchor: "start", fontSize: 13 },
      axis: { ...words, gridColor: line, domainColor: edge, tickColor: edge, titlePadding: 8 },
      axisY: { labelLimit: narrow ? 130 : 280 },
      axisQuantitative: { tickCount: narrow ? 3 : 8, labelSeparation: 8 },
      legend: { ...words, orient: "top", titleLimit: 400, labelLimit: 220, columns: narrow ? 2 : 8 },
      header: { labelColor: ink, titleColor: quiet, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
      view: { stroke: null, continuousHeight: 320 },
      text: { color: ink },
      rule: { color: ink },
      line: { strokeWidth: 2 },
      point: { size: 45, filled: true },
    };
  };

  // What a chart's specification becomes

  const themed = (value) => {
    if (Array.isArray(value)) return value.map(themed);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, themed(each)]));
    }
    const pair = typeof value === "string" ? data.series[value.toLowerCase()] : undefined;
    return pair ? pair[isDark() ? 1 : 0] : value;
  };

  // On log axes that span decades, ticks at powers of ten alone; no label longer than a narrow page has room for.
  const plainAxes = (value, narrow) => {
    if (Array.isArray(value)) return value.map((each) => plainAxes(each, narrow));
    if (!value || typeof value !== "object") return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainAxes(each, narrow)]));
    for (const channel of ["x", "y"]) {
      const of = copy[channel];
      if (!of || typeof of !== "object" || of.axis === null) continue;
      const axis = { ...of.axis };
      if (narrow) delete axis.labelLimit;
      if (of.scale && of.scale.type === "log" && !axis.values) {
        const decades = `log(domain('${channel}')[1] / domain('${channel}')[0]) / LN10`;
        axis.tickCount = { expr: `${decades} >= 2 ? min(${narrow ? 3 : 8}, 0.999 * ${decades}) : 10` };
      }
      copy[channel] = { ...of, axis };
    }
    return copy;
  };

  const linear = (value) => {
    if (Array.isArray(value)) return value.map(linear);
    if (!value || typeof value !== "object") return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, linear(each)]));
    if (copy.scale && (copy.scale.type === "log" || copy.scale.type === "symlog")) {
      const { domain, base, constant, domainMin, domainMax, ...scale } = copy.scale;
      copy.scale = { ...scale, type: "linear" };
      if (copy.axis) copy.axis = (({ values, ...axis }) => axis)(copy.axis);
    }
    for (const holder of [copy, copy.axis]) {
      if (holder && typeof holder.title === "string") holder.title = holder.title.replace(/ ?\(log scale[^)]*\)/, "");
    }
    return copy;
  };

  // A row of data, or of a table, that names contenders stays if one of them is chosen.
  const stays = (texts, chosen) => {
    const named = texts.filter((text) => known.has(text));
    return named.length === 0 || named.some((name) => chosen.has(name));
  };

  // The specification with the chosen rows of its data; null if none of them is left.
  const filtered = (spec, chosen) => {
    if (chosen.size === known.size) return spec;
    let left = 0;
    let gone = 0;
    const keep = (rows) => {
      const kept = rows.filter((row) => !row || typeof row !== "object" || stays(Object.values(row).filter((v) => typeof v === "string"), chosen));
      left += kept.length;
      gone += rows.length - kept.length;
      return kept;
    };
    const walk = (value) => {
      if (Array.isArray(value)) return value.map(walk);
      if (!value || typeof value !== "object") return value;
      const copy = {};
      for (const [key, each] of Object.entries(value)) {
        if (key === "values" && Array.isArray(each) && each.some((row) => row && typeof row === "object")) copy[key] = keep(each);
        else if (key === "datasets") copy[key] = Object.fromEntries(Object.entries(each).map(([name, rows]) => [name, Array.isArray(rows) ? keep(rows) : rows]));
        else copy[key] = walk(each);
      }
      return copy;
    };
    const result = walk(spec);
    return gone && !left ? null : result;
  };

  // A height by steps, in pixels: Vega-Lite fits no chart whose height is given by steps to a width without a warning.
  const heightOf = (spec) => {
    const step = spec.height && spec.height.step;
    const layer = [spec, ...(spec.layer || [])].find((each) => each.encoding && each.encoding.y && each.encoding.y.field);
    const source = layer && (layer.data || spec.data);
    const rows = source && (source.values || (spec.datasets || {})[source.name]);
    if (!step || !Array.isArray(rows)) return spec.height;
    return step * Math.max(1, new Set(rows.map((row) => row[layer.encoding.y.field])).size);
  };

  const fitted = (spec, width) => {
    const inner = spec.encoding || (spec.spec && spec.spec.encoding) || {};
    if (spec.vconcat) return { ...spec, vconcat: spec.vconcat.map((each) => ({ ...fitted(each, width), width: Math.max(160, width - 140), autosize: undefined })) };
    if (spec.hconcat && width < 640) return fitted({ ...spec, vconcat: spec.hconcat, hconcat: undefined }, width);
    if (spec.width && spec.width.step) return spec; // room for a text in each cell
    if (spec.hconcat || spec.concat || spec.facet || spec.repeat || inner.column || inner.row || inner.facet) return spec;
    return { ...spec, width, height: heightOf(spec), autosize: { type: "fit-x", contains: "padding" } };
  };

  const specOf = (id, width, chosen) => {
    const narrow = width < 640;
    let spec = filtered(data.charts[id], chosen);
    if (spec === null) return null;
    spec = byId("log").checked ? spec : linear(spec);
    spec = fitted(themed(plainAxes(spec, narrow)), width);
    const { $schema, config, background, ...rest } = spec;
    const settings = { logScale: byId("log").checked, narrow };
    rest.params = (rest.params || []).map((p) => (p.name in settings ? { ...p, value: settings[p.name] } : p));
    return { ...rest, padding: 2, config: theme(narrow) };
  };

  const draw = async () => {
    const mine = ++pass;
    const chosen = chosenNames();
    const plots = [...document.querySelectorAll(".plot")];
    const far = (plot) => Math.abs(plot.getBoundingClientRect().top);
    plots.sort((a, b) => far(a) - far(b));
    for (const plot of plots) {
      if (mine !== pass) return;
      const spec = specOf(plot.id, plot.clientWidth, chosen);
      if (views.has(plot.id)) views.get(plot.id).finalize();
      views.delete(plot.id);
      if (spec === null) plot.textContent = "Nothing here is of a chosen contender.";
      else views.set(plot.id, await vegaEmbed(plot, spec, {
        mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
        tooltip: { disableDefaultStyle: true },
      }));
      plot.tabIndex = plot.scrollWidth > plot.clientWidth ? 0 : -1;
      plot.dataset.drawn = String(mine);
      await new Promise((next) => setTimeout(next));
    }
    if (mine === pass) root.dataset.drawn = String(mine);
  };

  // Filter

  const chosenNames = () => {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [language, binding, tag] = ["language", "binding", "tag"].map((kind) => byId(`filter-${kind}`).value);
    const fits = (each) =>
      words.every((word) => each.words.includes(word)) &&
      (!language || each.language === language) &&
      (!binding || each.binding === binding) &&
      (!tag || each.tags.includes(tag));
    return new Set([...known].filter(([, each]) => fits(each)).map(([name]) => name));
  };

  const filterTables = () => {
    const chosen = chosenNames();
    // Rows that share cells stay or go together; their last cell lists names.
    const named = (row) => row.cells[row.cells.length - 1].textContent.trim().split(", ");
    for (const body of document.querySelectorAll("main tbody:has([rowspan])")) {
      body.hidden = ![...body.rows].some((row) => named(row).some((name) => chosen.has(name)));
    }
    for (const row of document.querySelectorAll("main tbody:not(:has([rowspan])) tr")) {
      const own = row.dataset.contender;
      row.hidden = own === undefined
        ? !stays([...row.cells].map((cell) => cell.textContent), chosen)
        : !chosen.has(own);
    }
    byId("count").textContent = `${chosen.size} of ${known.size} contenders`;
  };

  const fill = (kind, valuesOf) => {
    const values = [...new Set([...known.values()].flatMap(valuesOf))].sort((a, b) => a.localeCompare(b));
    byId(`filter-${kind}`).append(...values.map((value) => new Option(value, value)));
  };

  // Tables

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const key = (row) => {
          const cell = row.cells[column];
          return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
        };
        const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b));
        const body = table.tBodies[0];
        body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b))));
      });
    });
  };

  // Start

  const later = (work, ms) => {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(work, ms);
    };
  };
  const redraw = later(draw, 120);
  const refilter = () => {
    filterTables();
    redraw();
  };

  fill("language", (each) => [each.language]);
  fill("binding", (each) => [each.binding]);
  fill("tag", (each) => each.tags);
  document.querySelectorAll("table.sortable").forEach(sortable);
  for (const id of ["filter", "filter-language", "filter-binding", "filter-tag"]) byId(id).addEventListener("input", refilter);
  byId("log").addEventListener("change", draw);
  byId("dark").checked = isDark();
  byId("dark").addEventListener("change", (event) => {
    root.dataset.theme = event.target.checked ? "dark" : "light";
    draw();
  });
  system.addEventListener("change", () => {
    byId("dark").checked = isDark();
    draw();
  });
  let width = root.clientWidth;
  addEventListener("resize", () => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      redraw();
    }
  });
  // For whoever examines the page: the charts by the id of their place, and what data-drawn says once all are drawn.
  window.doublesLab = { views, latest: () => String(pass) };
  byId("controls").hidden = false;
  filterTables();
  draw();
})();
