// A plugin as Grafana would load it (AMD, only shared packages), which shows each core panel of the shell with data made here:
// two series over an hour, one annotation for a moment and one for a span, data links.
define(['react', '@grafana/data', '@grafana/runtime', '@grafana/ui', 'react-router'], function (
  React,
  data,
  runtime,
  ui,
  router,
) {
  'use strict';
  const h = React.createElement;
  const END = Date.UTC(2026, 10, 22, 12);
  const HOUR = 3600e3;
  const times = Array.from({ length: 61 }, (_, minute) => END - HOUR + minute * 60e3);
  const links = [{ title: 'Open ${__field.name}', url: '/a/acme-lab-app/editors?value=${__value.raw}' }];
  const numbers = (name, unit, values) => ({
    name,
    type: data.FieldType.number,
    config: { unit, links, displayName: name },
    values,
  });

  const series = () => [
    data.createDataFrame({
      refId: 'A',
      fields: [
        { name: 'Time', type: data.FieldType.time, values: times },
        numbers(
          'requests',
          'reqps',
          times.map((_, i) => 10 + 5 * Math.sin(i / 6)),
        ),
      ],
    }),
    data.createDataFrame({
      refId: 'B',
      fields: [
        { name: 'Time', type: data.FieldType.time, values: times },
        numbers(
          'errors',
          'percentunit',
          times.map((_, i) => (i % 10) / 20),
        ),
      ],
    }),
  ];
  const rows = () => [
    data.createDataFrame({
      refId: 'A',
      fields: [
        { name: 'tier', type: data.FieldType.string, values: ['free', 'premium'], config: { links } },
        { name: 'users', type: data.FieldType.number, values: [120, 34] },
      ],
    }),
  ];
  const annotations = () => [
    data.createDataFrame({
      meta: { dataTopic: data.DataTopic.Annotations },
      fields: [
        { name: 'time', type: data.FieldType.time, values: [END - 0.6 * HOUR, END - 0.4 * HOUR] },
        { name: 'timeEnd', type: data.FieldType.time, values: [END - 0.6 * HOUR, END - 0.2 * HOUR] },
        { name: 'isRegion', type: data.FieldType.boolean, values: [false, true] },
        { name: 'title', type: data.FieldType.string, values: ['user suspended', 'incident'] },
        {
          name: 'text',
          type: data.FieldType.string,
          values: [
            'Ada <b>suspended</b> <a href="javascript:window.hacked=1">Jo</a><script>window.hacked=1</script>',
            'payments slow',
          ],
        },
        { name: 'tags', type: data.FieldType.other, values: [['admin'], []] },
      ],
    }),
  ];

  const PANELS = [
    { id: 'timeseries', options: { tooltip: { mode: 'multi' } } },
    { id: 'timeseries', title: 'empty', frames: () => [] },
    { id: 'stat' },
    { id: 'bargauge' },
    { id: 'table', frames: rows },
    { id: 'text', options: { mode: 'markdown', content: '# Heading\n\n**bold** <script>window.hacked = 1</script>' } },
  ];

  const range = { from: data.dateTime(END - HOUR), to: data.dateTime(END), raw: { from: 'now-1h', to: 'now' } };
  const bus = new data.EventBusSrv();
  const replaceVariables = (text, variables, format) => runtime.getTemplateSrv().replace(text, variables, format);

  function Panel({ id, title = id, frames = series, options = {} }) {
    const [plugin, setPlugin] = React.useState();
    const [seen, setSeen] = React.useState('');
    React.useEffect(() => void runtime.getPluginImportUtils().importPanelPlugin(id).then(setPlugin), [id]);
    const configured = React.useMemo(() => {
      if (!plugin) {
        return undefined;
      }
      const { options: merged, fieldConfig } = data.getPanelOptionsWithDefaults({
        plugin,
        currentOptions: options,
        currentFieldConfig: { defaults: {}, overrides: [] },
        isAfterPluginChange: false,
      });
      const apply = (list) =>
        data.applyFieldOverrides({
          data: list,
          fieldConfig,
          fieldConfigRegistry: plugin.fieldConfigRegistry,
          replaceVariables,
          theme: runtime.config.theme2,
          timeZone: 'utc',
        });
      const panelData = {
        state: 'Done',
        series: apply(frames()),
        annotations: plugin.dataSupport.annotations ? apply(annotations()) : [],
        timeRange: range,
        structureRev: 1,
      };
      return { merged, fieldConfig, panelData };
    }, [plugin, frames]);
    if (!configured) {
      return h('p', null, 'loading');
    }
    const { merged, fieldConfig, panelData } = configured;
    const context = {
      eventsScope: 'lab',
      eventBus: bus,
      sync: () => 0,
      onToggleSeriesVisibility: (label) => setSeen('toggled ' + label),
    };
    return h(
      'section',
      { 'aria-label': title, style: { width: 560, height: 240, position: 'relative' } },
      h(
        ui.PanelContextProvider,
        { value: context },
        h(plugin.panel, {
          id: 1,
          title,
          data: panelData,
          timeRange: range,
          timeZone: 'utc',
          width: 560,
          height: 210,
          options: merged,
          fieldConfig,
          transparent: false,
          renderCounter: 0,
          eventBus: bus,
          replaceVariables,
          onOptionsChange: () => undefined,
          onFieldConfigChange: () => undefined,
          onChangeTimeRange: ({ from, to }) => setSeen('zoomed ' + Math.round((to - from) / 60e3) + ' minutes'),
        }),
      ),
      h('output', null, seen),
    );
  }

  function Panels() {
    return h(
      runtime.PluginPage,
      { subTitle: 'Every panel of the shell' },
      h(
        'div',
        { style: { display: 'flex', flexWrap: 'wrap', gap: 16 } },
        PANELS.map((panel, index) => h(Panel, { key: index, ...panel })),
      ),
    );
  }
  function Broken() {
    throw new Error('deliberate');
  }
  function Root() {
    const page = (text) => h(runtime.PluginPage, null, h('p', null, text));
    return h(
      router.Routes,
      null,
      h(router.Route, { path: 'panels', element: h(Panels) }),
      h(router.Route, { path: 'editors', element: page('for editors') }),
      h(router.Route, { path: 'editors/deeper', element: page('deeper') }),
      h(router.Route, { path: 'broken', element: h(Broken) }),
    );
  }

  const plugin = new data.AppPlugin().setRootPage(Root);
  plugin.addConfigPage({ id: 'first', title: 'First', icon: 'cog', body: () => h('p', null, 'first configuration') });
  plugin.addConfigPage({
    id: 'second',
    title: 'Second',
    icon: 'cog',
    body: () => h('p', null, 'second configuration'),
  });
  // Tests reach Grafana's services through what any plugin gets.
  window.lab = { data, runtime };
  return { plugin };
});
