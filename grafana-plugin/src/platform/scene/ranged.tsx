// A React component in a scene that follows the page's time range and refresh.
import type { ComponentType } from 'react';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';

/** The page's time range; a new object with every refresh. */
export interface PageRange {
  /** ISO instants; they move on with every refresh of a relative range. */
  readonly from: string;
  readonly to: string;
  /** The range as it was chosen, e.g. `now-30d now`: paging starts anew only when this changes. */
  readonly chosen: string;
}

interface RangedState extends SceneObjectState {
  component: ComponentType<{ range: PageRange }>;
}

export class Ranged extends SceneObjectBase<RangedState> {
  public static Component = ({ model }: SceneComponentProps<Ranged>) => {
    const { component: Component } = model.useState();
    const { value, from, to } = sceneGraph.getTimeRange(model).useState();
    return <Component range={{ from: value.from.toISOString(), to: value.to.toISOString(), chosen: `${from} ${to}` }} />;
  };
}
