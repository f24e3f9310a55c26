// Extends the scaffold's webpack configuration: JSX compiles to react/jsx-runtime (Grafana ≥ 12.3 shares it), and nested
// panels get their logos (the scaffold copies only the app's). contracts/ needs nothing: the workspace link leads to its
// TypeScript source, which the same loader compiles.
import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration, RuleSetRule } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

type Rule = NonNullable<NonNullable<Configuration['module']>['rules']>[number];
const isSwcRule = (rule: Rule): rule is RuleSetRule & { use: { options: { jsc: object } } } =>
  typeof rule === 'object' && rule !== null && typeof rule.use === 'object' && 'loader' in rule.use && rule.use.loader === 'swc-loader';

const withAutomaticJsx = (rule: Rule): Rule =>
  isSwcRule(rule)
    ? merge(rule, { use: { options: { jsc: { transform: { react: { runtime: 'automatic' } } } } } } as RuleSetRule)
    : rule;

const config = async (env: Env): Promise<Configuration> => {
  const base = await grafanaConfig(env);
  return merge(
    { ...base, module: { ...base.module, rules: base.module?.rules?.map(withAutomaticJsx) } },
    {
      plugins: [new CopyWebpackPlugin({ patterns: [{ from: 'panels/**/img/**', to: '.' }] })],
      // Scenes alone passes webpack's default hint of 244 KiB; it sits in a lazy chunk.
      performance: { maxAssetSize: 1_500_000, maxEntrypointSize: 500_000 },
    }
  );
};

export default config;
