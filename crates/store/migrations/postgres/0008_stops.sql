-- Platform admins are found without reading every user: they are told of safety stops.
ALTER TABLE users ADD COLUMN platform_admin BIGINT NOT NULL DEFAULT 0;
UPDATE users SET platform_admin = 1 WHERE body LIKE '%"platform_admin":true%';
CREATE INDEX users_by_admin ON users (id) WHERE platform_admin = 1;
