"""Parquet."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from nlp_tasks.errors import ReadError
from nlp_tasks.store.rows import COLUMNS, Row
from nlp_tasks.store.tables import check_size

__all__ = ["Parquet"]

_BATCH = 1_000  # rows in memory


class Parquet:
    """Real lists, structs and maps with a fixed schema, which DuckDB and pandas query as they are.

    ``domain_scores`` is a map (``domain_scores['finance']`` in DuckDB, ``dict(cell)`` in pandas);
    ``figures.value`` is text, since one column can't hold both numbers and dates.
    """

    def write(self, rows: Iterator[Row], stream: BinaryIO) -> None:
        """Write the rows in batches."""
        import pyarrow
        import pyarrow.parquet

        schema, flat = _schema(), map(_with_text_values, rows)
        with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
            while batch := list(islice(flat, _BATCH)):
                writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))

    def read(self, path: Path) -> Iterator[tuple[int, Row]]:
        """Yield the number of each row and its cells; columns that aren't ours are not even read."""
        import pyarrow
        import pyarrow.parquet

        try:
            with pyarrow.parquet.ParquetFile(path) as file:
                groups = (file.metadata.row_group(index) for index in range(file.metadata.num_row_groups))
                check_size(sum(group.total_byte_size for group in groups), path)
                batches = file.iter_batches(_BATCH, columns=list(COLUMNS))
                rows = (row for batch in batches for row in batch.to_pylist(maps_as_pydicts="strict"))
                yield from enumerate(rows, start=1)
        except (pyarrow.ArrowException, KeyError, UnicodeDecodeError, OSError) as error:
            raise ReadError(f"tệp {path.name}: không phải Parquet hoặc đã hỏng", code="format") from error


def _with_text_values(row: Row) -> Row:
    return {**row, "figures": [{**figure, "value": str(figure["value"])} for figure in row["figures"]]}


def _schema() -> Any:
    import pyarrow as pa

    text, integer, score, flag = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    scores = pa.map_(text, score)
    span = [("field", text), ("start", integer), ("end", integer), ("text", text)]
    spans = pa.list_(pa.struct(span))
    join = pa.struct([("row", integer), ("score", score), ("reason", text)])
    source = [("file", text), ("sheet", text), ("row", integer), ("joins", pa.list_(join))]
    types = {
        "number": integer,
        "domain_score": score,
        "domain_scores": scores,
        "status_score": score,
        "status_scores": scores,
        "at_risk": flag,
        "needs_review": flag,
        "summary_sources": spans,
        "evidence": pa.list_(pa.struct([*span, ("rule", text)])),
        "reasons": pa.list_(pa.struct([("about", text), ("field", text), ("term", text), ("weight", score)])),
        "figures": pa.list_(pa.struct([*span, ("kind", text), ("value", text), ("unit", text)])),
        "warnings": pa.list_(pa.struct([("code", text), ("message", text), ("spans", spans)])),
        "source": pa.struct(source),
        "report": pa.struct([(name, text) for name in ("ref", "date", "period", "place", "issuer")]),
    }
    return pa.schema([(name, types.get(name, text)) for name in COLUMNS])
