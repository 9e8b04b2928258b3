-- The list of cancelled sales: few among many. Recording a sale does not touch it.
CREATE INDEX sales_cancelled ON sales (sold_at, id) WHERE cancelled;
