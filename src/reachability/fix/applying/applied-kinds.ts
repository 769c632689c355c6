/** The shape of every file in this folder: for each kind of change, the model after it. Pure. */
import type { NetworkModel } from "../../../model/index.ts";
import type { ChangeKind, ChangeOf } from "../network-change.ts";

export type AppliedKinds<K extends ChangeKind> = {
  readonly [Kind in K]: (model: NetworkModel, change: ChangeOf<Kind>) => NetworkModel;
};
