CREATE TABLE `limits` (
	`institution` text NOT NULL,
	`scope` text NOT NULL,
	`kind` text NOT NULL,
	`in_force_from` integer NOT NULL,
	`value_minor` integer,
	PRIMARY KEY(`institution`, `scope`, `kind`, `in_force_from`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `centers` ADD `standby_since` integer DEFAULT 0 NOT NULL;