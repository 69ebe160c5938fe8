-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_open ON payments (created_at) WHERE status IN ('created', 'authorized');
