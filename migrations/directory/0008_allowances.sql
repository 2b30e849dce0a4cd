CREATE TABLE `allowances` (
	`corridor` text NOT NULL,
	`kind` text NOT NULL,
	`in_force_from` integer NOT NULL,
	`value_minor` integer,
	PRIMARY KEY(`corridor`, `kind`, `in_force_from`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `corridors` ADD `when_person_away` text DEFAULT 'refuse' NOT NULL;
--> statement-breakpoint
ALTER TABLE `corridors` ADD `when_person_unstated` text DEFAULT 'refuse' NOT NULL;