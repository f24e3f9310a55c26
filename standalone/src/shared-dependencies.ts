// The modules behind the shared names, each the one Grafana gives under that name. A plugin that asks for one of Grafana's that is
// not here (jquery, slate, d3, …) fails to load, which is the safe direction.
import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import { getI18nInstance } from '@grafana-internal/i18n/i18n';
import lodash from 'lodash';
import moment from 'moment';
import * as React from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as ReactDOM from 'react-dom';
import * as inlineSvg from 'react-inlinesvg';
import * as router5 from 'react-router-dom';
import * as router6 from 'react-router-dom-v5-compat';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';
import type { SharedName } from './shared-names.ts';

type Load = () => object | Promise<object>;
export type SharedDependencies = Readonly<Record<SharedName, Load>>;

/** Libraries whose default export is the whole module. */
const whole = (module: unknown): object => ({ default: module, __useDefault: true });

export const sharedDependencies: SharedDependencies = {
  '@emotion/css': () => emotionCss,
  '@emotion/react': () => emotionReact,
  '@grafana/data': () => import('@grafana/data'),
  '@grafana/data/unstable': () => import('@grafana/data/unstable'),
  '@grafana/runtime': () => import('@grafana/runtime'),
  '@grafana/runtime/unstable': () => import('@grafana/runtime/unstable'),
  '@grafana/ui': () => import('@grafana/ui'),
  '@grafana/ui/unstable': () => import('@grafana/ui/unstable'),
  i18next: () => whole(getI18nInstance()),
  lodash: () => whole(lodash),
  moment: () => whole(moment),
  react: () => React,
  'react/jsx-runtime': () => jsxRuntime,
  'react-dom': () => ReactDOM,
  'react-inlinesvg': () => inlineSvg,
  'react-router': () => router6,
  'react-router-dom': () => router5,
  rxjs: () => rxjs,
  'rxjs/operators': () => rxjsOperators,
};
