// A part of a scene, or a whole page, that only some roles may see. What is inside is not even created as a component, so
// nothing is queried for a reader who may not.
import { css } from '@emotion/css';
import { PanelChrome } from '@grafana/ui';
import { EmbeddedScene, SceneObjectBase, type SceneComponentProps, type SceneObject, type SceneObjectState } from '@grafana/scenes';
import { Gate } from '../Gate.tsx';

interface GuardedState extends SceneObjectState {
  permission: string;
  title: string;
  body: SceneObject;
  /** A panel keeps its place on the page and says in it why it is empty; a page is replaced as a whole. */
  size: 'panel' | 'page';
}

/** As wide as the screen lets it: a wide table scrolls inside of it. */
const page = css({ display: 'flex', flexGrow: 1, minWidth: 0, '& > *': { minWidth: 0 } });

export class Guarded extends SceneObjectBase<GuardedState> {
  public static Component = ({ model }: SceneComponentProps<Guarded>) => {
    const { permission, title, body, size } = model.useState();
    return size === 'page' ? (
      <div className={page}>
        <Gate permission={permission} what={title}>
          <body.Component model={body} />
        </Gate>
      </div>
    ) : (
      <Gate permission={permission} what={title} frame={(notice) => <PanelChrome title={title}>{notice}</PanelChrome>} compact>
        <body.Component model={body} />
      </Gate>
    );
  };
}

/** The scene itself where everybody may see it. */
export const guardedPage = (permission: string | null, title: string, scene: EmbeddedScene): EmbeddedScene =>
  permission === null ? scene : new EmbeddedScene({ body: new Guarded({ permission, title, body: scene, size: 'page' }) });
