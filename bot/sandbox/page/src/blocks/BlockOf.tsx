/** One block, by its type. */

import type { Block } from "../types";
import { Chart } from "./chart/Chart";
import { ElementOf } from "./elements/ElementOf";
import { slotIn, useAround } from "./around";
import { Alert } from "./kinds/Alert";
import { ContextBlock } from "./kinds/ContextBlock";
import { DataTable, Table } from "./kinds/Table";
import { InputBlock } from "./kinds/InputBlock";
import { MarkdownBlock } from "./kinds/MarkdownBlock";
import { PictureBlock } from "./kinds/PictureBlock";
import { RichText } from "./kinds/RichText";
import { Section } from "./kinds/Section";
import { Unknown } from "./kinds/Unknown";
import { InlineWords } from "./text/Words";

export function BlockOf({ block }: { block: Block }) {
  switch (block.type) {
    case "section":
      return <Section block={block} />;
    case "header":
      return (
        <h3 class="bk-header">
          <InlineWords of={block.text} />
        </h3>
      );
    case "divider":
      return <hr class="bk-divider" />;
    case "context":
      return <ContextBlock block={block} />;
    case "actions":
      return <Actions block={block} />;
    case "input":
      return <InputBlock block={block} />;
    case "image":
      return <PictureBlock block={block} />;
    case "markdown":
      return <MarkdownBlock block={block} />;
    case "rich_text":
      return <RichText block={block} />;
    case "table":
      return <Table block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "alert":
      return <Alert block={block} />;
    case "data_visualization":
      return <Chart block={block} />;
    default:
      return <Unknown type={block.type} />;
  }
}

function Actions({ block }: { block: Block }) {
  const around = useAround();
  return (
    <div class="bk-actions" data-block={block.block_id}>
      {((block.elements ?? []) as Block[]).map((element, number) => (
        <ElementOf key={number} slot={slotIn(around, block, element)} />
      ))}
    </div>
  );
}
